"""LibreOffice Calc: an extension that hands each call to a backend in the user's environment."""
