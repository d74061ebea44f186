//! TLS uses ring: aws-lc, the default of rustls, is slow to compile.

/// Selects ring. Call it before creating a client; repeated calls do nothing.
pub(crate) fn use_ring() {
    // The only error is that a provider is set already: this one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
