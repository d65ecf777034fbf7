"""Checks what Runway's API would say about an asset or a request, and stands in for the API in tests."""

from .serve import RunwayServer

__all__ = ["RunwayServer"]
