package mirrorproof.rules.mirror_set_in_hosted_cluster_test

import data.mirrorproof.rules.mirror_set_in_hosted_cluster

levels(cluster, set) := result if {
	result := [finding.level | some finding in mirror_set_in_hosted_cluster.findings] with input as {
		"cluster": cluster,
		"mirrorSets": [object.union({"title": "a", "inConfigMap": false, "at": {}}, set)],
	}
}

hosted := {"hosted": "HostedCluster/a"}

test_denied if {
	every kind in ["ImageContentSourcePolicy", "ImageDigestMirrorSet", "ImageTagMirrorSet"] { levels(hosted, {"kind": kind}) == ["error"] }
}

test_a_kind_that_node_pools_do_not_take if levels(hosted, {"kind": "ImageTagMirrorSet", "inConfigMap": true}) == ["error"]

test_silent_on_one_that_they_take if levels(hosted, {"kind": "ImageDigestMirrorSet", "inConfigMap": true}) == []

test_silent_on_its_own if levels(hosted, {"kind": "ImageDigestMirrorSet", "madeOf": "HostedCluster/a"}) == []

test_silent_elsewhere if levels({}, {"kind": "ImageTagMirrorSet"}) == []
