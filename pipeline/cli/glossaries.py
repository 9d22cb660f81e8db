"""Load the glossaries that a command asks for; `python -m pipeline.cli.glossaries FOLDER` checks a folder."""
