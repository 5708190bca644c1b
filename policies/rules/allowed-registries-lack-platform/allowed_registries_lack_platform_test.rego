package mirrorproof.rules.allowed_registries_lack_platform_test

import data.mirrorproof.rules.allowed_registries_lack_platform

findings(lacks, release, source) := result if {
	result := allowed_registries_lack_platform.findings with input as {
		"cluster": {"release": release},
		"imageConfigs": [{"lacks": lacks, "at": {}}],
		"sources": [object.union({"source": "q.io/dev", "allowed": "none", "digest": {}, "tag": null}, source)],
	}
}

assumed := {"repository": "q.io/dev/ocp-release", "assumed": true}

named := {"repository": "q.io/dev/ocp-release", "assumed": false}

levels(lacks, release) := {finding.level | some finding in findings(lacks, release, {"allowed": "all"})}

art := "q.io/dev/ocp-v4.0-art-dev"

test_error if levels([art], assumed) == {"error"}

test_error_with_the_release_image if levels([assumed.repository, art], assumed) == {"error"}

test_warning_for_the_release_image_alone if levels([assumed.repository], assumed) == {"warning"}

test_error_where_it_is_named if levels([assumed.repository], named) == {"error"}

test_warning_beside_the_release if {
	some finding in findings(["registry.redhat.io", "image-registry.openshift-image-registry.svc:5000"], assumed, {})
	finding.level == "warning"
	endswith(finding.message, ": nodes reject images of Red Hat's operators and of image streams that are called so")
}

test_silent_where_a_mirrored_source_is_left_out if count(findings([art], assumed, {})) == 0

test_a_neighbour_by_name_is_no_source_of_it if count(findings([art], assumed, {"source": "q.io/de"})) == 1

test_silent if levels([], assumed) == set()
