"""What a person does on the pages. Each goes the way the command line goes, and is logged with who and when."""
