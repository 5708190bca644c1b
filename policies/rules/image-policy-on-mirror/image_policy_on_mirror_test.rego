package mirrorproof.rules.image_policy_on_mirror_test

import data.mirrorproof.rules.image_policy_on_mirror

levels(numbers, facts) := result if {
	result := [finding.level | some finding in image_policy_on_mirror.findings] with input as {
		"cluster": {"version": {"numbers": numbers}},
		"signatures": [object.union({"title": "ImagePolicy/a", "scope": "m.net/org", "mirror": "m.net/org", "mirrorAt": {}, "called": false, "at": {}}, facts)],
	}
}

test_warning if levels([4, 20], {"within": true}) == ["warning"]

test_info_for_the_registry if levels([4, 20], {"within": false}) == ["info"]

test_silent_before_there_are_any if levels([4, 15], {"within": true}) == []

test_silent_where_images_are_called_so if levels([4, 20], {"within": true, "called": true}) == []

test_silent_for_a_source if {
	count(image_policy_on_mirror.findings) == 0 with input as {"cluster": {"version": null}, "signatures": [{"scope": "q.io", "called": false, "at": {}}]}
}
