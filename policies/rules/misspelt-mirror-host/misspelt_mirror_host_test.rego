package mirrorproof.rules.misspelt_mirror_host_test

import data.mirrorproof.rules.misspelt_mirror_host

levels(name, near) := [finding.level | some finding in result] if {
	result := misspelt_mirror_host.findings with input as {"hosts": {name: object.union({"at": {}}, near)}}
}

near(host, by) := {"near": {"host": host, "count": 3, "by": by}}

test_letter if levels("miror.example.net", near("mirror.example.net", "letter")) == ["warning"]

test_port if levels("mirror.example.net:5000", near("mirror.example.net:8443", "port")) == ["info"]

test_of_a_public_registry if levels("qay.io", near("quay.io", "letter")) == ["warning"]

test_silent_where_it_is_a_public_registry if levels("gcr.io", near("ghcr.io", "letter")) == []

test_silent_without_one_like_it if levels("mirror.example.net", {}) == []
