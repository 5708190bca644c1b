# METADATA
# title: allowedRegistries without what every cluster pulls from
# description: >-
#   With `allowedRegistries`, nodes reject every image that is not in the list, those of the platform too: the release (quay.io/openshift-release-dev),
#   Red Hat's operators (registry.redhat.io) and the cluster's own registry. Pods of the platform then fail as they are rescheduled, and an upgrade stops.
# related_resources:
# - description: Image configuration resources
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/image-configuration
# custom:
#   level: warning
#   fix: >-
#     Add the registries to `allowedRegistries`, unless nothing of this cluster is pulled by that name.
#   versions: all
#   situations: [pull-fails, upgrade-stuck]
package mirrorproof.rules.allowed_registries_lack_platform

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": config.at} if {
	some config in input.imageConfigs
	mirrored := {source.source | some source in input.sources; source.allowed == "none"}
	lacking := [name | some name in config.lacks; not name in mirrored]
	count(lacking) > 0
	message := $"`allowedRegistries` lacks {lib.quoted(lacking)}, which every cluster pulls from"
}
