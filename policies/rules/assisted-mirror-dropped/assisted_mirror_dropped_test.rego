package mirrorproof.rules.assisted_mirror_dropped_test

import data.mirrorproof.rules.assisted_mirror_dropped

dropped(reason, location) := {"title": "registries.conf", "reason": reason, "location": location, "at": {}}

levels(all, disconnected) := result if {
	result := [finding.level | some finding in assisted_mirror_dropped.findings] with input as {
		"cluster": {"disconnected": disconnected},
		"mirrorSets": [],
		"dropped": all,
	}
}

test_all if levels([dropped("all", "m.net")], false) == ["error"]

test_no_location if levels([dropped("no-location", "")], false) == ["error"]

test_prefix if levels([dropped("prefix", "q.io")], false) == ["warning"]

test_tags if levels([dropped("tag-only", "m.net")], true) == ["warning"]

test_tags_while_connected if levels([dropped("tag-only", "m.net")], false) == ["info"]

test_one_finding_for_all if count(levels([dropped("all", "m.net"), dropped("all", "n.net")], false)) == 1

hosts(source, maker) := result if {
	result := [finding.level | some finding in assisted_mirror_dropped.findings] with input as {
		"cluster": {"disconnected": false},
		"dropped": [],
		"mirrorSets": [{"maker": maker, "madeOf": "registries.conf"}],
		"entries": [{"set": 0, "source": {"value": source, "at": {}}}],
	}
}

test_a_host if hosts("q.io", "assisted") == ["warning"]

test_silent_on_a_repository if hosts("q.io/org", "assisted") == []

test_silent_on_other_makers if hosts("q.io", "hypershift") == []
