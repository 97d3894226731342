"""Pictures as SVG, drawn here: a picture is a part of the page, reads without a script, and says in words what it shows."""
