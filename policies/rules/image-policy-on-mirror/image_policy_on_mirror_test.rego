package mirrorproof.rules.image_policy_on_mirror_test

import data.mirrorproof.rules.image_policy_on_mirror

levels(scope, numbers, images) := result if {
	result := [finding.level | some finding in image_policy_on_mirror.findings] with input as {
		"cluster": {"version": {"numbers": numbers}},
		"signatures": [{"title": "ImagePolicy/a", "scope": scope, "mirror": "m.net/org", "at": {}}],
		"entries": [{"mirrors": [{"value": "m.net/org", "at": {}}]}],
		"images": images,
	}
}

test_warning if levels("m.net/org", [4, 20], []) == ["warning"]

test_warning_for_a_part if levels("m.net/org/app:1", [4, 20], []) == ["warning"]

test_info_for_the_registry if levels("m.net", [4, 20], []) == ["info"]

test_silent_before_there_are_any if levels("m.net/org", [4, 15], []) == []

test_silent_where_images_are_called_so if levels("m.net/org", [4, 20], [{"reference": "m.net/org/app:1"}]) == []

test_silent_for_a_source if {
	count(image_policy_on_mirror.findings) == 0 with input as {"cluster": {"version": null}, "images": [], "signatures": [{"scope": "q.io", "at": {}}]}
}
