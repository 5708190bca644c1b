# METADATA
# title: HostedCluster with more mirrors than it can hold
# description: >-
#   `imageContentSources` of a HostedCluster takes 255 sources with 255 mirrors each, of at most 255 characters. The API server refuses more.
# custom:
#   level: error
#   fix: >-
#     Mirror namespaces instead of single repositories, where the mirrors keep the paths below them.
#   versions: 4.13 and later
#   situations: [ignored]
#   facts: [mirrorSets]
package mirrorproof.rules.too_many_image_content_sources

findings contains {"level": "error", "message": message, "at": set.at} if {
	some set in input.mirrorSets
	set.maker == "hypershift"
	set.size > 255
	message := $"`imageContentSources` of {set.madeOf} has {set.size} sources, and the API server takes 255"
}

findings contains {"level": "error", "message": message, "at": entry.source.at} if {
	some entry in input.entries
	set := input.mirrorSets[entry.set]
	set.maker == "hypershift"
	count(entry.mirrors) > 255
	message := $"source `{entry.source.value}` of {set.madeOf} has {count(entry.mirrors)} mirrors, and the API server takes 255"
}

findings contains {"level": "error", "message": message, "at": location.at} if {
	some entry in input.entries
	set := input.mirrorSets[entry.set]
	set.maker == "hypershift"
	some location in array.concat([entry.source], entry.mirrors)
	count(location.value) > 255
	message := $"`{substring(location.value, 0, 60)}…` of {set.madeOf} has {count(location.value)} characters, and the API server takes 255"
}
