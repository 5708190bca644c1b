package mirrorproof.rules.fallback_to_unreachable_source_test

import data.mirrorproof.rules.fallback_to_unreachable_source

findings(cluster, source, set) := result if {
	result := fallback_to_unreachable_source.findings with input as {
		"cluster": object.union({"disconnected": true, "version": {"numbers": [4, 16]}}, cluster),
		"mirrorSets": [object.union({"kind": "ImageDigestMirrorSet"}, set)],
		"entries": [{"set": 0, "source": {"at": {}}}],
		"sources": [object.union({"source": "quay.io", "entries": [0], "digest": {}, "tag": null, "policies": ["AllowContactingSource"]}, source)],
	}
}

levels(cluster, source, set) := [finding.level | some finding in findings(cluster, source, set)]

test_info if {
	levels({}, {}, {}) == ["info"]
	levels({"version": null}, {}, {}) == ["info"]
}

test_silent if {
	levels({"disconnected": false}, {}, {}) == []
	levels({"version": {"numbers": [4, 12]}}, {}, {}) == []
	levels({}, {"policies": ["NeverContactSource"]}, {}) == []
	levels({}, {"source": "r.example.com"}, {}) == []
	levels({}, {"digest": null}, {}) == []
}

test_silent_where_it_cannot_be_forbidden if {
	levels({}, {}, {"kind": "ImageContentSourcePolicy"}) == []
	levels({}, {}, {"madeOf": "the install-config"}) == []
}

test_several_are_said_once if {
	result := fallback_to_unreachable_source.findings with input as {
		"cluster": {"disconnected": true, "version": null},
		"mirrorSets": [{"kind": "ImageTagMirrorSet"}],
		"entries": [{"set": 0, "source": {"at": {}}}],
		"sources": [{"source": source, "entries": [0], "digest": null, "tag": {}, "policies": []} | some source in ["docker.io", "quay.io"]],
	}
	[finding.message | some finding in result] == ["source `docker.io` and 1 other on public registries are tried after the mirrors, though nodes of a disconnected cluster cannot reach them"]
}
