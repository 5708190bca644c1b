package mirrorproof.rules.wrong_image_sources_field_test

import data.mirrorproof.rules.wrong_image_sources_field

old := {"kind": "ImageContentSourcePolicy", "maker": "installer", "madeOf": "the install-config", "at": {"doc": 0}}

new := {"kind": "ImageDigestMirrorSet", "maker": "installer", "madeOf": "the install-config", "at": {"doc": 0}}

levels(sets, version) := result if {
	result := [finding.level | some finding in wrong_image_sources_field.findings] with input as {
		"cluster": {"version": version},
		"mirrorSets": sets,
	}
}

test_deprecated if levels([old], {"numbers": [4, 14]}) == ["warning"]

test_not_known_yet if levels([new], {"numbers": [4, 13]}) == ["error"]

test_both if levels([old, new], {"numbers": [4, 14]}) == ["error"]

test_both_while_the_version_is_not_known if levels([old, new], null) == ["warning"]

test_silent_where_the_newer_one_is_passed_over if levels([old, new], {"numbers": [4, 13]}) == []

test_two_install_configs if levels([old, object.union(new, {"at": {"doc": 1}})], {"numbers": [4, 14]}) == ["warning"]

test_silent_on_an_older_version if levels([old], {"numbers": [4, 13]}) == []

test_silent_on_a_newer_version if levels([new], {"numbers": [4, 14]}) == []

test_silent_while_the_version_is_not_known if levels([old], null) == []

test_silent_on_what_is_applied if levels([object.remove(old, ["maker"])], {"numbers": [4, 14]}) == []
