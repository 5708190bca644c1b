# METADATA
# title: Default catalogs that are on in a disconnected cluster
# description: >-
#   The default CatalogSources name index images of registry.redhat.io by tag. Where nodes cannot reach it and no ImageTagMirrorSet serves those, their
#   pods fail without end. While one of them fails, OLM installs and updates no operator, not even from another catalog: their namespace,
#   openshift-marketplace, is global, and a Subscription is resolved with all catalogs of it.
# custom:
#   level: warning
#   fix: >-
#     Set `disableAllDefaultSources: true` in OperatorHub/cluster and take out sources with `disabled: false`. Or mirror the index images by tag.
#   versions: all, in disconnected clusters
#   situations: [pull-fails]
#   logs:
#   - 'failed to populate resolver cache from source …/openshift-marketplace: failed to list bundles: …'
#   facts: [catalogs]
#   absent: [ImageTagMirrorSet]
package mirrorproof.rules.default_catalogs_unreachable

import data.mirrorproof.lib

findings contains {"level": "warning", "message": message, "at": catalogs.at} if {
	input.cluster.disconnected
	some catalogs in input.catalogs
	count(catalogs.unmirrored) > 0
	message := $"{lib.plural(count(catalogs.unmirrored), "default catalog", "default catalogs")} {lib.be(count(catalogs.unmirrored))} on with an image that no mirror serves by tag: {lib.quoted(catalogs.unmirrored)}"
}
