"""When and where: the only code that opens files, the database, the clock and the environment."""
