//! Redacts what a server says: takes out the secrets that were sent with a request, and those that stand in an address.

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

/// The secrets an address holds: values of parameters whose name says so, and what signs in before the host.
pub(super) fn of_address(url: &Url) -> Vec<SecretString> {
    let values = url.query_pairs().filter(|(name, value)| redact::is_secret_parameter(name, value));
    let values = values.map(|(_, value)| value.into_owned());
    // A name without a password is a token.
    let user = Some(url.username()).filter(|user| !user.is_empty());
    let signs_in = url.password().or(user).into_iter().flat_map(redact::spellings);
    values.chain(signs_in).map(SecretString::from).collect()
}

/// The secrets in an address, or in a path with its query; none in what is neither.
pub fn secrets_in_address(text: &str) -> Vec<SecretString> {
    let below = || Url::parse("http://host/")?.join(text);
    Url::parse(text).or_else(|_| below()).map(|url| of_address(&url)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expected: &[&str]) {
        let found = secrets_in_address(address);
        assert_eq!(found.iter().map(ExposeSecret::expose_secret).collect::<Vec<_>>(), expected, "{address}");
    }

    #[test]
    fn an_address_says_which_of_its_values_are_secret() {
        check("http://x/?api_key=11111111&team=22222222&sort_key=44444444&status_code=5000&keys=true", &["11111111"]);
        check("http://x/?token=66666&access_token=7%2F777777", &["7/777777"]);
        check("http://x/?sig=11111111&pass=22222222&X-Api-Key=33333333", &["11111111", "22222222", "33333333"]);
        check("http://x/?PRIVATE-TOKEN=11111111&DD-API-KEY=22222222", &["11111111", "22222222"]);
        check(
            "https://b.s3.amazonaws.com/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20261122&\
             X-Amz-Date=20261122T000000Z&X-Amz-Security-Token=11111111&X-Amz-Signature=22222222",
            &["AKIA/20261122", "11111111", "22222222"],
        );
        check(
            "https://b.s3.amazonaws.com/o?AWSAccessKeyId=11111111&Signature=2222%2F2222&Expires=1795357455",
            &["11111111", "2222/2222"],
        );
    }

    #[test]
    fn who_signs_in_before_the_host_is_secret() {
        check("https://ann:s3cret@x/", &["s3cret"]);
        check("https://s3cret@x/", &["s3cret"]);
        check("https://ann:s3cret@x/?sig=11111111", &["11111111", "s3cret"]);
        check("https://ann:s3%2Fcret@x/", &["s3%2Fcret", "s3/cret"]);
    }

    #[test]
    fn a_path_may_hold_secrets_and_a_query_in_a_language_does_not() {
        check("orders?since=1h&token=11111111", &["11111111"]);
        check("", &[]);
        check(r#"sum(rate(up{job=~"a?b"}[5m])) > 0"#, &[]);
    }
}
