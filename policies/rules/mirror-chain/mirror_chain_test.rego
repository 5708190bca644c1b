package mirrorproof.rules.mirror_chain_test

import data.mirrorproof.rules.mirror_chain

findings(disconnected, mirror, sets) := result if {
	result := mirror_chain.findings with input as {
		"cluster": {"disconnected": disconnected, "declared": true},
		"mirrorSets": [{"title": "a", "home": "", "folder": "a"}, {"title": "b", "home": "", "folder": "b"}, {"title": "c", "home": "elsewhere", "folder": "c"}],
		"entries": [
			{"set": sets[0], "source": {"value": "q.io", "at": {}}, "effective": true, "mirrors": [{"value": mirror, "at": {}, "entry": {"prefix": "quay.io/m", "blocked": false, "source": 0}}]},
			{"set": sets[1], "source": {"value": "quay.io/m", "at": {}}, "effective": true, "mirrors": [{"value": "n.io", "at": {}}]},
		],
		"sources": [{"source": "quay.io/m", "entries": [1], "digest": {}, "tag": null}],
	}
}

levels(disconnected, mirror, sets) := [finding.level | some finding in findings(disconnected, mirror, sets)]

test_info if levels(false, "quay.io/m/q", [0, 1]) == ["info"]

test_warning_when_disconnected if levels(true, "quay.io/m/q", [0, 1]) == ["warning"]

test_info_where_nodes_may_reach_the_mirror if levels(true, "m.example.net/q", [0, 1]) == ["info"]

test_info_where_the_meeting_is_a_guess if levels(true, "quay.io/m/q", [0, 2]) == ["info"]

test_wording if {
	[finding.message | some finding in findings(false, "quay.io/m/q", [0, 1])] == ["mirror `quay.io/m/q` lies in the source `quay.io/m`, whose mirrors are not used for it: nodes do not follow mirrors of mirrors"]
	[finding.message | some finding in findings(false, "quay.io/m", [0, 1])] == ["mirror `quay.io/m` is a source itself, whose mirrors are not used for it: nodes do not follow mirrors of mirrors"]
}

test_silent if {
	every change in [{"blocked": true}, {"source": 1}] {
		result := mirror_chain.findings with input as {
			"cluster": {"disconnected": true, "declared": true},
			"entries": [{"set": 0, "source": {"value": "q.io", "at": {}}, "effective": true, "mirrors": [{"value": "quay.io/m", "at": {}, "entry": object.union({"prefix": "quay.io/m", "blocked": false, "source": 0}, change)}]}],
			"sources": [{"source": "quay.io/m", "entries": [], "digest": {}, "tag": null}, {"source": "quay.io", "entries": [], "digest": null, "tag": null}],
		}
		count(result) == 0
	}
}
