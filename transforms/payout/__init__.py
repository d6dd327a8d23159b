"""From what is owed to whom it is paid: obligations, holds, batches and their checks."""
