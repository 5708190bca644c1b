package mirrorproof.rules.broken_rewrite_test

import data.mirrorproof.rules.broken_rewrite

image := {
	"image": "q.io:5000/app:1", "host": "q.io:5000", "by": "tag", "route": "fails", "certain": true, "error": "no reference", "attempts": [], "at": {}, "home": "", "folder": "", "more": [], "count": 1,
	"entry": {"prefix": "q.io", "source": 0, "serves": ["tag"], "splitsPort": true, "at": {}},
}

findings(changes) := result if {
	result := broken_rewrite.findings with input as {
		"cluster": {"declared": true},
		"mirrorSets": [{"home": "", "folder": ""}],
		"entries": [{"set": 0}],
		"sources": [{"source": "q.io", "entries": [0]}],
		"images": [object.union(image, changes)],
	}
}

levels(changes) := [finding.level | some finding in findings(changes)]

test_error_where_the_pull_fails if levels({}) == ["error"]

test_wording if {
	some finding in findings({})
	finding.message == "image `q.io:5000/app:1` has a port and its source `q.io` has none, so the port is put behind the mirror: the pull fails with `no reference`"
}

test_error_under_a_wildcard if levels({"entry": {"prefix": "*.io", "splitsPort": false}}) == ["error"]

test_warning_where_it_is_a_guess if {
	levels({"certain": false}) == ["warning"]
	levels({"home": "elsewhere"}) == ["warning"]
}

test_warning_on_another_port if {
	asked := {"route": "mirrors", "attempts": [{"reference": "m.io:5000/app:1", "mirror": true}]}
	result := broken_rewrite.findings with input as {
		"cluster": {"declared": true},
		"mirrorSets": [{"home": "", "folder": ""}],
		"entries": [{"set": 0}],
		"sources": [{"source": "q.io", "entries": [0]}],
		"images": [object.union(object.remove(image, ["error"]), asked)],
	}
	some finding in result
	finding.level == "warning"
	endswith(finding.message, "nodes ask `m.io:5000/app:1` first")
}

test_silent if {
	levels({"entry": {"splitsPort": false}}) == []
	levels({"by": "digest"}) == []
	levels({"route": "rejected"}) == []
	levels({"host": "q.io", "entry": {"prefix": "*.io", "splitsPort": false}}) == []
}
