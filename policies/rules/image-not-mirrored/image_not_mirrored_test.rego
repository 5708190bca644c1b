package mirrorproof.rules.image_not_mirrored_test

import data.mirrorproof.rules.image_not_mirrored

image := {"image": "docker.io/g/g:1", "repository": "docker.io/g/g", "host": "docker.io", "route": "source", "certain": true, "at": {}, "home": "", "folder": "", "more": [], "count": 1}

findings(facts, images) := result if {
	result := image_not_mirrored.findings with input as object.union(
		{
			"cluster": {"disconnected": true, "declared": true, "incomplete": false},
			"mirrorSets": [{"home": "", "folder": "mirrors"}],
			"entries": [{"set": 0, "effective": true}],
			"sources": [{"source": "docker.io/nginx", "digest": {}, "tag": null}],
			"hosts": {"m.example.net:5000": {}},
			"images": images,
		},
		facts,
	)
}

levels(facts, changes) := [finding.level | some finding in findings(facts, [object.union(image, changes)])]

test_error if levels({}, {}) == ["error"]

test_error_where_the_entry_has_no_mirrors if levels({}, {"entry": {"serves": [], "prefix": "docker.io", "at": {}}}) == ["error"]

test_silent_with_mirrors_of_some_kind if levels({}, {"entry": {"serves": ["tag"], "prefix": "docker.io", "at": {}}}) == []

test_silent_while_connected if levels({"cluster": {"disconnected": false}}, {}) == []

test_warning_where_something_is_a_guess if {
	levels({}, {"certain": false}) == ["warning"]
	levels({}, {"home": "elsewhere"}) == ["warning"]
	levels({"cluster": {"incomplete": true}}, {}) == ["warning"]
	levels({}, {"host": "harbor.partner.org"}) == ["warning"]
}

test_silent_for_registries_of_its_own if {
	every host in ["m.example.net:5000", "other.example.net", "registry.lab", "registry.lab:5000", "10.0.0.7", "image-registry.openshift-image-registry.svc:5000"] {
		levels({}, {"host": host}) == []
	}
}

test_silent_where_its_source_is_misnamed if levels({}, {"repository": "docker.io/library/nginx"}) == []

test_names_the_guess_that_they_meet if {
	some finding in findings({"cluster": {"declared": false}}, [image])
	endswith(finding.message, "(if the mirror sets that are here are for the same cluster)")
}

test_one_info_without_mirror_sets if {
	found := findings({"entries": []}, [image, object.union(image, {"image": "quay.io/a", "host": "quay.io"})])
	[finding.level | some finding in found] == ["info"]
}
