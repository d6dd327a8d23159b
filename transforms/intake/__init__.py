"""From the raw cells of an upload to accepted records and findings."""
