//! Takes secrets out of what a server says: those that were sent with a request, and those that stand in an address.

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};

use crate::base::redact;

/// The text with every secret replaced, however it is spelled there.
pub(super) fn without(secrets: &[SecretString], text: &str) -> String {
    redact::without(secrets.iter().map(ExposeSecret::expose_secret), text)
}

/// A body with every secret replaced.
pub(super) fn without_in_body(secrets: &[SecretString], body: Vec<u8>) -> Vec<u8> {
    redact::without_in_body(secrets.iter().map(ExposeSecret::expose_secret), body)
}

/// The secrets an address holds: values of parameters whose name says so.
pub(super) fn of_address(url: &Url) -> impl Iterator<Item = SecretString> {
    let secret = url.query_pairs().filter(|(name, value)| redact::is_secret_parameter(name, value));
    secret.map(|(_, value)| value.into_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_which_of_its_values_are_secret() {
        let url = "http://x/?api_key=11111111&team=22222222&X-Amz-Signature=33333333&sort_key=44444444&status_code=5000\
                   &keys=true&token=66666&access_token=7%2F777777";
        let url = Url::parse(url).expect("a URL");
        let found: Vec<_> = of_address(&url).map(|secret| secret.expose_secret().to_owned()).collect();
        assert_eq!(found, ["11111111", "33333333", "7/777777"]);
    }
}
