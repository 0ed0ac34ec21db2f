//go:build tools

// Package tools pins oauth2-proxy, the identity-aware proxy that tests run as a real process.
package tools

import _ "github.com/oauth2-proxy/oauth2-proxy/v7"
