# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Single values in OCP's answers, read tolerantly: None if they are missing or of another type."""

import re
from ipaddress import ip_address
from typing import Any, Dict, List, Optional

#: What marks the name of a setting as that of a secret.
SECRET = r"passw|pwd|secret|token|credential|private_?key|access_?key"


def integer(value: Any) -> Optional[int]:
    """An id or a port as an integer; OCP may give it as text."""
    if isinstance(value, bool):
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def text(value: Any) -> Optional[str]:
    return value if isinstance(value, str) else None


def boolean(value: Any) -> bool:
    """Whether it is true; OCP may give it as text."""
    return value is True or str(value).strip().lower() == "true"


def words(value: Any) -> List[str]:
    """The texts of a list that may be absent."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def items(value: Any) -> List[Dict[str, Any]]:
    """The objects of a list that may be absent."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def id_of(item: Dict[str, Any]) -> Optional[int]:
    return integer(item.get("id"))


def is_secret(name: Optional[str]) -> bool:
    """Whether a setting of this name is a secret, so that its value is not shown."""
    return re.search(SECRET, name or "", re.IGNORECASE) is not None


def comparable(word: Optional[str]) -> Any:
    """A host's name or address in a form for comparisons. None if it is empty.

    Names match regardless of case, a trailing dot and surrounding blanks. Addresses match in any notation.
    """
    word = (word or "").strip()
    try:
        address = ip_address(word[1:-1] if word[:1] + word[-1:] == "[]" else word)
    except ValueError:
        return word.rstrip(".").lower() or None
    return getattr(address, "ipv4_mapped", None) or address
