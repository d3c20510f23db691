"""The command line: words to calls, results to lines, errors to exit codes; one file per group of commands."""
