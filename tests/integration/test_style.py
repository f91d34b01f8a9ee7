# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The project's own style checks: what they report and what they ignore."""

from __future__ import annotations

import pytest

from tools import filters, words


@pytest.mark.parametrize(
    ("text", "words_found"),
    [
        ("Mend the cause.", ["Mend"]),
        ("It is checked.\n# The package is held\n# against its checksum.", ["held against"]),
        ("It stands in for another, and is told so by somebody.", ["stands in", "is told", "somebody"]),
        ("OCP has OCP take over what is beside it", ["has OCP take", "beside"]),
    ],
)
def test_words_are_found_across_lines_and_comments(text, words_found):
    assert [found for _line, found, _cure in words.found_in(text)] == words_found


def test_a_place_is_named_by_its_line_with_what_to_write():
    assert words.found_in("One\nTwo\nsee to\n") == [(3, "see to", "check, ensure")]


@pytest.mark.parametrize("text", ["amend recommended", "a stand-in, besides", "foresee tomorrow", "see tools/"])
def test_words_that_only_look_alike_are_left_alone(text):
    assert words.found_in(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('a: "{{ b | c | d | e }} and {{ f | g }}"', []),
        ('a: 1\nb: "{{ b | c | d | e | f }}"', [(2, 4)]),
        ("- when:\n    - a | b | c | d\n    - a | b | c | d | e", [(3, 4)]),
        ('a: "{% if b | c | d | e | f %}{{ g | h }}{% endif %}"', [(1, 4)]),
        ("a: \"{{ b | map('c', d | e | f) | list }}\"", [(1, 4)]),
        ("a: b | c | d | e | f", []),
        ("a: !vault |\n  $ANSIBLE_VAULT\nb: !unsafe '{{ c }}'", []),
    ],
)
def test_an_expression_with_more_than_three_filters_is_found(text, found):
    assert filters.too_many(text) == found
