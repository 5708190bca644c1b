package mirrorproof.rules.release_not_mirrored_test

import data.mirrorproof.rules.release_not_mirrored

findings(release, sources, cluster) := result if {
	result := release_not_mirrored.findings with input as {
		"cluster": object.union({"disconnected": true, "incomplete": false, "release": {"repository": "q/ocp-release", "assumed": true}}, cluster),
		"release": release,
		"entries": [{"source": {"at": {}}}],
		"sources": sources,
		"overlaps": [{"broad": 0, "narrow": 1, "digest": {"mirrored": false, "lost": 1}, "tag": null}],
	}
}

levels(release, sources, cluster) := [finding.level | some finding in findings(release, sources, cluster)]

mirrored := {"digest": {"entries": [0]}}

image_only := [{"repository": "q/ocp-release", "mirrored": true, "source": 0}, {"repository": "q/art", "mirrored": false}]

parts_only := [{"repository": "q/ocp-release", "mirrored": false}, {"repository": "q/art", "mirrored": true, "source": 0}]

test_error if levels(image_only, [mirrored], {}) == ["error"]

test_warning_where_only_the_release_image_lacks_it if levels(parts_only, [mirrored], {}) == ["warning"]

test_error_where_the_release_image_is_known if {
	levels(parts_only, [mirrored], {"release": {"repository": "q/ocp-release", "assumed": false}}) == ["error"]
}

test_warning_where_not_all_was_read if {
	some finding in findings(image_only, [mirrored], {"incomplete": true})
	finding.level == "warning"
	endswith(finding.message, "(some mirror configuration could not be read)")
}

test_silent_while_connected if levels(image_only, [mirrored], {"disconnected": false}) == []

test_silent_with_both if levels([image_only[0], parts_only[1]], [mirrored], {}) == []

test_silent_with_neither if levels([parts_only[0], image_only[1]], [mirrored], {}) == []

test_silent_where_its_mirrors_are_blocked if {
	levels([image_only[0], {"repository": "q/art", "mirrored": false, "source": 1}], [mirrored, mirrored], {}) == []
}

test_silent_where_a_source_for_tags_hides_it if {
	levels([image_only[0], {"repository": "q/art", "mirrored": false, "source": 1}], [mirrored, {"digest": null}], {}) == []
}
