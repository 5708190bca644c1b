package mirrorproof.rules.source_spelt_twice_test

import data.mirrorproof.rules.source_spelt_twice

findings(cluster, sets, policy) := result if {
	result := source_spelt_twice.findings with input as {
		"cluster": object.union({"disconnected": true, "declared": true, "version": {"numbers": [4, 14]}}, cluster),
		"mirrorSets": [{"kind": "ImageContentSourcePolicy", "home": "", "folder": ""}, {"kind": "ImageDigestMirrorSet", "home": "", "folder": ""}, {"kind": "ImageDigestMirrorSet", "home": "elsewhere", "folder": ""}],
		"entries": [{"set": sets[0], "source": {"value": "q.io/", "at": {}}, "effective": true, "policy": null}, {"set": sets[1], "source": {"value": "q.io", "at": {}}, "effective": true, "policy": policy}],
		"sources": [{"source": "q.io", "entries": [1], "digest": {}}, {"source": "q.io/", "entries": [0], "digest": {}}],
	}
}

levels(cluster, sets, policy) := [finding.level | some finding in findings(cluster, sets, policy)]

test_error_when_disconnected if levels({}, [0, 1], null) == ["error"]

test_warning if {
	levels({"disconnected": false}, [0, 1], null) == ["warning"]
	levels({"version": null}, [0, 1], null) == ["warning"]
	levels({}, [0, 2], null) == ["warning"]
}

test_error_where_one_is_blocked if {
	some finding in findings({"disconnected": false}, [0, 1], "NeverContactSource")
	finding.level == "error"
	contains(finding.message, "every pull fails")
}

test_silent_from_4_16_on if levels({"version": {"numbers": [4, 16]}}, [0, 1], null) == []

test_silent_where_the_api_server_refuses_it if levels({}, [1, 1], null) == []
