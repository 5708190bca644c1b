package mirrorproof.rules.too_many_image_content_sources_test

import data.mirrorproof.rules.too_many_image_content_sources

number(size, mirrors, location, maker) := result if {
	result := count(too_many_image_content_sources.findings) with input as {
		"mirrorSets": [{"maker": maker, "madeOf": "HostedCluster/a", "size": size, "at": {}}],
		"entries": [{"set": 0, "source": {"value": location, "at": {}}, "mirrors": [{"value": "m", "at": {}} | some _ in numbers.range(1, mirrors)]}],
	}
}

test_sources if number(256, 1, "q", "hypershift") == 1

test_mirrors if number(1, 256, "q", "hypershift") == 1

test_length if number(1, 1, concat("", ["q" | some _ in numbers.range(1, 256)]), "hypershift") == 1

test_silent_up_to_the_limit if number(255, 255, concat("", ["q" | some _ in numbers.range(1, 255)]), "hypershift") == 0

test_silent_elsewhere if number(256, 256, "q", "installer") == 0
