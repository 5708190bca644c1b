package main

// The operator's own functions. They are not exported, so they are reached by name; that these have no body compiles because of empty.s.

import (
	_ "unsafe"

	"github.com/containers/image/v5/signature"
	ign3types "github.com/coreos/ignition/v2/config/v3_4/types"
	configv1 "github.com/openshift/api/config/v1"
	operatorv1alpha1 "github.com/openshift/api/operator/v1alpha1"
	_ "github.com/openshift/machine-config-operator/pkg/controller/container-runtime-config"
	_ "github.com/openshift/machine-config-operator/pkg/daemon"
	"github.com/vincent-petithory/dataurl"
)

//go:linkname updateRegistriesConfig github.com/openshift/machine-config-operator/pkg/controller/container-runtime-config.updateRegistriesConfig
func updateRegistriesConfig(data []byte, insecure, blocked []string, icsp []*operatorv1alpha1.ImageContentSourcePolicy, idms []*configv1.ImageDigestMirrorSet, itms []*configv1.ImageTagMirrorSet) ([]byte, error)

//go:linkname getValidBlockedAndAllowedRegistries github.com/openshift/machine-config-operator/pkg/controller/container-runtime-config.getValidBlockedAndAllowedRegistries
func getValidBlockedAndAllowedRegistries(release string, image *configv1.ImageSpec, icsp []*operatorv1alpha1.ImageContentSourcePolicy, idms []*configv1.ImageDigestMirrorSet) (blocked, policyBlocked, allowed []string, err error)

//go:linkname updatePolicyJSON github.com/openshift/machine-config-operator/pkg/controller/container-runtime-config.updatePolicyJSON
func updatePolicyJSON(data []byte, blocked, allowed []string, release string, policies map[string]signature.PolicyRequirements) ([]byte, error)

//go:linkname isSafeContainerRegistryConfChanges github.com/openshift/machine-config-operator/pkg/daemon.isSafeContainerRegistryConfChanges
func isSafeContainerRegistryConfChanges(before, after ign3types.Config) (bool, error)

// safe tells whether nodes need no drain for a change of registries.conf.
func safe(before, after []byte) *bool {
	result, err := isSafeContainerRegistryConfChanges(ignition(before), ignition(after))
	check(err)
	return &result
}

func ignition(file []byte) (config ign3types.Config) {
	source := dataurl.EncodeBytes(file)
	config.Storage.Files = []ign3types.File{{
		Node:          ign3types.Node{Path: "/etc/containers/registries.conf"},
		FileEmbedded1: ign3types.FileEmbedded1{Contents: ign3types.Resource{Source: &source}},
	}}
	return
}
