package main

// The operator's own functions. They are not exported, so they are reached by name; that these have no body compiles because of empty.s.

import (
	_ "unsafe"

	configv1 "github.com/openshift/api/config/v1"
	operatorv1alpha1 "github.com/openshift/api/operator/v1alpha1"
	_ "github.com/openshift/machine-config-operator/pkg/controller/container-runtime-config"
)

//go:linkname updateRegistriesConfig github.com/openshift/machine-config-operator/pkg/controller/container-runtime-config.updateRegistriesConfig
func updateRegistriesConfig(data []byte, insecure, blocked []string, icsp []*operatorv1alpha1.ImageContentSourcePolicy, idms []*configv1.ImageDigestMirrorSet, itms []*configv1.ImageTagMirrorSet) ([]byte, error)
