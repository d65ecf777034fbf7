"""Errors other than findings about an asset."""

from __future__ import annotations


class PreflightError(Exception):
    """The program could not be run, or ended before its results were complete."""


class UsageError(PreflightError, ValueError):
    """The program refused an option; the message names its flag."""


class AssetError(PreflightError, ValueError):
    """An asset cannot be passed to the program: it is not a text, or has a NUL character."""
