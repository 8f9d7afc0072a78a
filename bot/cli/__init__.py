"""The command line: ``ask`` and ``wenju``. Results go to standard output, notes and progress to standard error."""
