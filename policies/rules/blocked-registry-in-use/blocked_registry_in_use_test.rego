package mirrorproof.rules.blocked_registry_in_use_test

import data.mirrorproof.rules.blocked_registry_in_use

findings(source, images, scope) := result if {
	result := blocked_registry_in_use.findings with input as {
		"cluster": {"declared": false},
		"mirrorSets": [{"home": "", "folder": ""}],
		"entries": [{"set": 0, "source": {"at": {}}}],
		"sources": [object.union({"source": "q.io/a", "entries": [0], "digest": null, "tag": {}, "allowed": "none"}, source)],
		"images": images,
		"scopes": [object.union({"list": "blocked", "value": "q.io", "rejects": rejects(source, images), "home": "", "folder": "", "at": {}}, scope)],
	}
}

rejects(source, images) := {
	"sources": [0 | source.rejectedBy],
	"images": [index | some index, _ in images],
	"release": [],
}

messages(source, images) := [finding.message | some finding in findings(source, images, {})]

image(name) := {"image": name, "route": "rejected", "rejectedBy": "q.io", "certain": true, "home": "", "folder": "", "at": {"name": name}}

blocked := {"rejectedBy": "q.io"}

test_error if [finding.level | some finding in findings(blocked, [], {})] == ["error"]

test_warning_where_the_meeting_is_a_guess if {
	some finding in findings(blocked, [], {"home": "/a", "folder": "/a"})
	finding.level == "warning"
	endswith(finding.message, "(if they reach the same cluster)")
}

test_images if messages({}, [image("q.io/x"), image("q.io/y")]) == ["`q.io` is blocked, so nodes reject `q.io/x` and 1 more, even from a mirror"]

test_images_of_a_source_are_meant_with_it if {
	messages(blocked, [object.union(image("q.io/a/x"), {"entry": {"source": 0}})]) == ["`q.io` is blocked, so nodes reject `q.io/a`, even from a mirror"]
}

test_all_but_the_release_image if {
	messages({"rejectedBy": "q.io", "allowed": "some"}, []) == ["`q.io` is blocked, so nodes reject `q.io/a` except for the release image, even from a mirror"]
}

test_silent_where_it_is_uncertain if messages({}, [object.union(image("q.io/x"), {"certain": false})]) == []

test_silent_where_nothing_is_rejected if messages({}, []) == []

test_what_a_release_is_made_of if {
	some finding in findings({}, [], {"rejects": {"sources": [], "images": [], "release": ["q.io/art"]}})
	finding.message == "`q.io` is blocked, so nodes reject `q.io/art`, even from a mirror"
}

test_silent_for_other_lists if count(findings(blocked, [], {"list": "allowed"})) == 0
