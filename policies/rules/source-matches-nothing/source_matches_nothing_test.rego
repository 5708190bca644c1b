package mirrorproof.rules.source_matches_nothing_test

import data.mirrorproof.rules.source_matches_nothing

findings(disconnected, source, images) := result if {
	result := source_matches_nothing.findings with input as {
		"cluster": {"disconnected": disconnected},
		"mirrorSets": [{"home": ""}],
		"entries": [{"set": 0, "source": object.union({"at": {}}, source), "effective": true}],
		"sources": [object.union({"source": source.value, "entries": [0]}, used(images))],
		"images": images,
	}
}

used(images) := {"images": {"digest": [], "tag": [index | some index, image in images; image.entry]}} if {
	some image in images
	image.entry
} else := {}

levels(disconnected, source, images) := [finding.level | some finding in findings(disconnected, source, images)]

alias := {"value": "index.docker.io/g", "mismatch": "alias"}

test_alias if {
	levels(true, alias, []) == ["error"]
	levels(false, alias, []) == ["warning"]
}

upper := {"value": "Q.io/g", "mismatch": "upper-case-host"}

test_upper_case if levels(true, upper, []) == ["warning"]

test_silent_where_an_image_has_it_too if levels(true, upper, [{"repository": "Q.io/g/a", "route": "mirrors", "entry": {}}]) == []

nginx := {"image": "docker.io/nginx", "repository": "docker.io/library/nginx", "route": "source", "certain": true, "home": "", "title": "Pod/a", "at": {}}

test_official_image if {
	levels(true, {"value": "docker.io/nginx"}, [nginx]) == ["error"]
	levels(false, {"value": "docker.io/nginx"}, [nginx]) == ["warning"]
	levels(true, {"value": "docker.io/nginx"}, [object.union(nginx, {"certain": false})]) == ["warning"]
	levels(true, {"value": "docker.io/nginx"}, [object.union(nginx, {"home": "elsewhere"})]) == ["warning"]
}

test_silent_for_an_organisation if {
	levels(true, {"value": "docker.io/nginx"}, []) == []
	levels(true, {"value": "docker.io/nginx"}, [object.union(nginx, {"repository": "docker.io/nginx/nginx"})]) == []
}

test_silent_where_another_entry_serves_it if levels(true, {"value": "docker.io/nginx"}, [object.union(nginx, {"entry": {}})]) == []

test_silent_with_its_full_name if levels(true, {"value": "docker.io/library/nginx"}, [nginx]) == []
