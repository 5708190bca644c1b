# METADATA
# title: Trust bundle that the operator cannot read
# description: >-
#   The Machine Config Operator reads `ca-bundle.crt` of ConfigMap/user-ca-bundle in openshift-config, and of the ConfigMap that Proxy/cluster names in
#   `trustedCA`, before it renders anything. Where the key is missing, or holds no certificate in PEM, it stops there: it is degraded, no authority reaches the
#   nodes, so that mirrors with certificates of one's own are not trusted, and the next upgrade stalls.
# related_resources:
# - description: Configuring a custom PKI
#   ref: https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/networking/configuring-a-custom-pki
# custom:
#   level: error
#   fix: >-
#     Put the certificates in PEM, with their BEGIN and END lines, under the key `ca-bundle.crt`.
#   versions: all
#   situations: [certificate, upgrade-stuck]
#   logs:
#   - 'Failed to resync 4.18.1 because: configmap openshift-config/user-ca-bundle doesn''t have a valid PEM bundle'
#   - 'Failed to resync 4.18.1 because: ca-bundle.crt not found in openshift-config/user-ca-bundle'
#   facts: [bundles]
package mirrorproof.rules.unreadable_trust_bundle

import data.mirrorproof.lib

findings contains {"level": "error", "message": message, "at": bundle.at, "edits": edits, "certain": false} if {
	some bundle in input.bundles
	problem := problems(bundle)
	message := $"{bundle.title} {problem}: the operator is degraded for it, no authority reaches the nodes, and the next upgrade stalls"
	edits := [{"op": "rename", "at": bundle.at, "key": "ca-bundle.crt"} | bundle.state == "elsewhere"; count(bundle.keys) == 1]
}

problems(bundle) := $"has its certificates under {lib.quoted(bundle.keys)}, and not under `ca-bundle.crt`" if bundle.state == "elsewhere"

problems(bundle) := "holds no certificate in PEM under `ca-bundle.crt`" if bundle.state == "none"
