package mirrorproof.rules.allowed_registries_lack_source_test

import data.mirrorproof.rules.allowed_registries_lack_source

findings(source, images, config) := result if {
	result := allowed_registries_lack_source.findings with input as {
		"cluster": {"declared": false},
		"mirrorSets": [{"home": "", "folder": ""}],
		"entries": [{"set": 0, "source": {"at": {}}}],
		"sources": [object.union({"source": "q.io", "entries": [0], "digest": {}, "tag": null, "allowed": "none"}, source)],
		"images": images,
		"imageConfigs": [object.union({"restricted": true, "lacks": [], "home": "", "folder": "", "at": {}}, config)],
	}
}

messages(source, images) := [finding.message | some finding in findings(source, images, {})]

image(name) := {"image": name, "repository": name, "route": "rejected", "certain": true, "home": "", "folder": "", "at": {"name": name}}

allowed := {"allowed": "all"}

test_error if [finding.level | some finding in findings({}, [], {})] == ["error"]

test_warning_where_the_meeting_is_a_guess if {
	some finding in findings({}, [], {"home": "/a", "folder": "/a"})
	finding.level == "warning"
	endswith(finding.message, "(if they reach the same cluster)")
}

test_images if messages(allowed, [image("a"), image("b")]) == ["`allowedRegistries` does not allow `a` and 1 more, so nodes reject them, even from a mirror"]

test_images_of_a_source_are_meant_with_it if {
	messages({}, [object.union(image("q.io/a"), {"entry": {"source": 0}})]) == ["`allowedRegistries` does not allow `q.io`, so nodes reject it, even from a mirror"]
}

test_few_images_are_named if {
	some finding in findings(allowed, [image($"a{number}") | some number in numbers.range(1, 50)], {})
	count(finding.related) == 8
}

test_silent_for_the_release if count(findings(allowed, [image("a")], {"lacks": ["a"]})) == 0

test_silent_where_it_is_uncertain if messages(allowed, [object.union(image("a"), {"certain": false})]) == []

test_silent_where_another_list_rejects_it if messages({"rejectedBy": "q.io"}, [object.union(image("a"), {"rejectedBy": "q.io"})]) == []

test_silent_where_a_part_is_allowed if messages({"allowed": "some"}, []) == []

test_silent_without_mirrors if messages({"digest": null}, []) == []

test_silent_without_the_list if count(findings({}, [], {"restricted": false})) == 0
