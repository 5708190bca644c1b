package mirrorproof.rules.blocked_registry_ignored_test

import data.mirrorproof.rules.blocked_registry_ignored

findings(ignored, assumed) := result if {
	result := blocked_registry_ignored.findings with input as {
		"cluster": {"release": {"repository": "q.io/release", "assumed": assumed}},
		"scopes": [{"value": "q.io", "ignored": ignored, "at": {}}],
	}
}

test_error_where_the_release_image_is_known if {
	some finding in findings(true, false)
	finding.level == "error"
	endswith(finding.message, "outside of the blocked registries")
}

test_warning_where_it_is_assumed if {
	some finding in findings(true, true)
	finding.level == "warning"
	endswith(finding.message, "(unless the release image is called by the name of a mirror)")
}

test_silent if count(findings(false, false)) == 0
