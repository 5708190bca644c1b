package mirrorproof.rules.invalid_registries_conf_test

import data.mirrorproof.rules.invalid_registries_conf

count_of(file) := result if {
	result := count(invalid_registries_conf.findings) with input as {"files": [object.union({"pool": "worker", "overwritten": false, "at": {}}, file)]}
}

test_error if {
	some finding in invalid_registries_conf.findings with input as {"files": [{"pool": "worker", "overwritten": false, "error": "bad", "at": {}}]}
	finding.level == "error"
	finding.message == "every pull on worker nodes fails: bad"
}

test_silent_where_it_can_be_read if count_of({}) == 0

test_silent_where_no_node_gets_it if count_of({"error": "bad", "overwritten": true}) == 0
