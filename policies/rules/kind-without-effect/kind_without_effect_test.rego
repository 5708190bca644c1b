package mirrorproof.rules.kind_without_effect_test

import data.mirrorproof.rules.kind_without_effect

test_error if {
	[finding.level | some finding in kind_without_effect.findings] == ["error"] with input as {"inert": [{"title": "ImageContentPolicy/a", "at": {}}]}
}

test_silent if {
	count(kind_without_effect.findings) == 0 with input as {"inert": []}
}
