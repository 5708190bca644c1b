package mirrorproof.rules.mirror_outside_corp_test

import data.mirrorproof.rules.mirror_outside_corp

messages(mirror) := result if {
	result := [finding.message | some finding in mirror_outside_corp.findings] with input as {
		"mirrorSets": [{"title": "ImageDigestMirrorSet/ubi"}],
		"entries": [{"set": 0, "mirrors": [{"value": mirror, "at": {}}]}],
	}
}

test_another_registry if messages("quay.corp.example/ubi") == ["mirror `quay.corp.example/ubi` in ImageDigestMirrorSet/ubi is not on mirror.corp.example"]

test_another_registry_that_begins_alike if count(messages("mirror.corp.example.net/ubi")) == 1

test_silent_on_the_right_one if {
	every mirror in ["mirror.corp.example", "mirror.corp.example/ubi", "mirror.corp.example:5000/ubi"] {
		messages(mirror) == []
	}
}
