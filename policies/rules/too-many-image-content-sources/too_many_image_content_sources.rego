# METADATA
# title: HostedCluster with more mirrors than it can hold
# description: >-
#   `imageContentSources` of a HostedCluster takes 255 sources with 255 mirrors each, of at most 255 characters. The API server refuses more.
# custom:
#   level: error
#   fix: >-
#     Mirror namespaces instead of single repositories.
#   versions: 4.13 and later
#   situations: [ignored]
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
	problem := excess(entry)
	message := $"`{substring(entry.source.value, 0, 60)}` of {set.madeOf} {problem}, and the API server takes 255"
}

excess(entry) := $"has {count(entry.mirrors)} mirrors" if {
	count(entry.mirrors) > 255
} else := $"or a mirror of it has {longest} characters" if {
	longest := max([count(value) | some value in array.concat([entry.source.value], [mirror.value | some mirror in entry.mirrors])])
	longest > 255
}
