"""Permissions, where ehrQL's own modules have them."""

from extractors.tables.permissions import claim_permissions

__all__ = ["claim_permissions"]
