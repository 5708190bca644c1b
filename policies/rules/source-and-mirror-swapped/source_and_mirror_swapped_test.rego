package mirrorproof.rules.source_and_mirror_swapped_test

import data.mirrorproof.rules.source_and_mirror_swapped

fires(source, mirrors) if {
	result := source_and_mirror_swapped.findings with input as {
		"hosts": {},
		"entries": [{"source": {"value": source, "at": {}}, "effective": true, "mirrors": [{"value": mirror} | some mirror in mirrors]}],
	}
	[finding.level | some finding in result] == ["warning"]
}

test_own_registry_and_public_mirror if {
	every source in ["m.example.net:8443/ubi9", "m.lab/ubi9", "m.example.local", "10.0.0.7/ubi9", "localhost/ubi9"] { fires(source, ["registry.redhat.io/ubi9"]) }
}

test_silent_the_right_way_round if not fires("registry.redhat.io/ubi9", ["m.example.net:8443/ubi9"])

test_silent_where_one_mirror_is_local_too if not fires("m.example.net:8443/ubi9", ["n.example.net/ubi9", "registry.redhat.io/ubi9"])

test_silent_where_the_source_may_be_public if {
	not fires("registry.example.com/ubi9", ["quay.io/ubi9"])
	not fires("quay.io:443/ubi9", ["docker.io/ubi9"])
}
