package mirrorproof.rules.pull_secret_lacks_mirror_test

import data.mirrorproof.rules.pull_secret_lacks_mirror

findings(hosts) := result if {
	result := pull_secret_lacks_mirror.findings with input as {"credentials": [{
		"title": "Secret/pull-secret", "at": {},
		"lacks": [{"host": host, "at": {}} | some host in hosts],
	}]}
}

test_warning if [finding.level | some finding in findings(["m.net:8443"])] == ["warning"]

test_one_finding_for_all if {
	some finding in findings(["m.net", "n.net"])
	contains(finding.message, "`m.net`, `n.net`")
	count(finding.related) == 2
}

test_silent_with_all if count(findings([])) == 0

test_silent_on_a_public_registry if count(findings(["quay.io"])) == 0

test_silent_on_the_registry_of_the_cluster if count(findings(["image-registry.openshift-image-registry.svc:5000"])) == 0
