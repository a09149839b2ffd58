# Generated from openapi.yaml by scripts/generate.py. Do not edit.
"""Contains all the data models used in inputs/outputs"""

from .collection_view import CollectionView
from .error_body import ErrorBody
from .error_details import ErrorDetails
from .error_envelope import ErrorEnvelope
from .library_edge import LibraryEdge
from .licence import Licence
from .licence_class import LicenceClass
from .share_info import ShareInfo
from .share_link import ShareLink
from .share_request import ShareRequest
from .shared_view import SharedView
from .target_type import TargetType
from .track_view import TrackView
from .visibility import Visibility

__all__ = (
    "CollectionView",
    "ErrorBody",
    "ErrorDetails",
    "ErrorEnvelope",
    "LibraryEdge",
    "Licence",
    "LicenceClass",
    "SharedView",
    "ShareInfo",
    "ShareLink",
    "ShareRequest",
    "TargetType",
    "TrackView",
    "Visibility",
)
