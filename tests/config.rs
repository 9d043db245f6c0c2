//! Configurations in, what is read or what is wrong with them out.
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{path::Path, time::Duration};

use stanch::{
    config::{Auth, Config, PaneKind, Secret, Shape, load, load::Warning},
    dashboard::Plan,
    signal::{Severity, alert_words::Standing},
};

fn parse(text: &str) -> Result<(Config, Vec<Warning>), String> {
    load::parse(text, Path::new("stanch.toml")).map_err(|errors| errors.to_string())
}

#[track_caller]
fn config(text: &str) -> Config {
    parse(text).unwrap_or_else(|errors| panic!("{errors}")).0
}

/// Checks the errors of `text`, one a line, without the name of the file.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let errors = parse(text).map(|_| ()).expect_err("errors");
    let found: Vec<_> =
        errors.lines().map(|line| line.strip_prefix("stanch.toml:").expect("the file's name")).collect();
    assert_eq!(found, expected);
}

const PROM: &str = "[[source]]\nname = \"prom\"\ntype = \"prometheus\"\nurl = \"http://127.0.0.1:9090\"\n";

#[test]
fn nothing_is_valid() {
    let config = config("");
    assert_eq!(Config { file: None, ..config }, Config::default());
}

#[test]
fn the_smallest_file_of_each_kind() {
    let config = config(
        r#"
        [[source]]
        name = "prom"
        type = "prometheus"
        url = "http://127.0.0.1:9090"

        [[source]]
        name = "am"
        type = "alertmanager"
        url = "http://127.0.0.1:9093"
        behind = "am2"

        [[source]]
        name = "am2"
        type = "alertmanager"
        url = "http://127.0.0.1:9094"

        [[source]]
        name = "deploys"
        type = "http"
        url = "https://ci.example/deploys?limit=10"
        as = "changes"

        [[source]]
        name = "pods"
        type = "command"
        run = ["kubectl", "get", "pods"]

        [[vital]]
        title = "ok"
        source = "prom"
        query = "up"
        ok = ">= 0.995 for 1m"

        [[pane]]
        title = "Up"
        source = "prom"
        query = "up"

        [[pane]]
        title = "Pods"
        source = "pods"
        type = "logs"
        every = "1m"

        [[mitigation]]
        name = "rollback checkout"
        run = ["./roll.sh", "checkout"]
        "#,
    );
    assert_eq!(config.sources.len(), 5);
    let alertmanager = &config.sources[1];
    assert!(
        alertmanager.flag("silenced") && alertmanager.flag("inhibited"),
        "an alert that gets silenced must not pass for resolved"
    );
    assert_eq!(config.sources[1].timeout, Duration::from_secs(30));
    assert_eq!(config.panes[1].kind, PaneKind::Logs);
    assert_eq!(config.panes[1].read.as_ref().map(|read| read.shape), Some(Shape::Logs));
    assert_eq!(config.vitals[0].ok.to_string(), ">= 0.995 for 1m");
    assert_eq!(config.commands[0].kind.words(), "roll back");
    let plan = Plan::of(&config);
    let titles: Vec<_> = plan.panes.iter().map(|shown| shown.pane.title.as_str()).collect();
    assert_eq!(titles, ["Up", "Pods", "Alerts", "Changes"]);
}

#[test]
fn everything_wrong_at_once() {
    let errors = parse(include_str!("data/config/everything-wrong.toml")).map(|_| ()).expect_err("errors");
    insta::assert_snapshot!(errors);
    assert!(!errors.contains("hunter2"), "a secret is never quoted");
}

#[test]
fn unknown_keys_come_with_a_guess() {
    let source = |line: &str| format!("{PROM}{line}\n");
    check(&source("intervall = \"5s\""), &["5:1: unknown key `intervall` in [[source]] `prom`; did you mean `every`?"]);
    check(
        &source("argv = [\"x\"]"),
        &["5:1: `argv` does not fit [[source]] `prom`; it belongs to command sources, where it is called `run`"],
    );
    check(
        &source("jq = \".\""),
        &["5:1: `jq` does not fit [[source]] `prom`; it belongs to http and command sources, and their panes"],
    );
    check("[[sources]]\nname = \"x\"\n", &["1:3: unknown key `sources` in the file; did you mean `source`?"]);
    check("sourcery = 1\nzzz\u{301}\u{1} = 2", &["2:4: invalid unquoted key, expected letters, numbers, `-`, `_`"]);
}

#[test]
fn wrong_types_and_values() {
    let source = |line: &str| format!("{PROM}{line}\n");
    check(
        &source("every = 5"),
        &["5:9: `every` in [[source]] `prom`: expected a duration with its unit, such as \"30s\", found the number 5"],
    );
    check(
        &source("every = \"soon\""),
        &["5:9: `every` in [[source]] `prom`: expected a duration such as \"30s\", \"5m\" or \"1h 30m\", found `soon`"],
    );
    check(&source("every = \"1ms\""), &["5:9: `every` in [[source]] `prom`: expected 100ms to 24h, found 1ms"]);
    check(
        &source("max_bytes = true"),
        &["5:13: `max_bytes` in [[source]] `prom`: expected a size such as \"20MB\", or a number of bytes, found true"],
    );
    check("utc = \"yes\"", &["1:7: `utc` in the file: expected true or false, found a string"]);
    check("title = \"\"", &["1:9: `title` is empty"]);
    check("[source]\nname = \"x\"", &["1:1: `source` in the file: expected [[source]], found [source]"]);
    check(
        "keys = { note = 3 }",
        &["1:17: `keys.note`: expected a key such as \"n\" or \"Ctrl-R\", found the number 3"],
    );
}

#[test]
fn words_for_alerts() {
    let source = |line: &str| format!("{PROM}{line}\n");
    check(
        &source("severities = { P2 = \"bad\" }"),
        &["5:21: `severities.P2`: expected one of critical, warning, info, none, found `bad`"],
    );
    check(
        &source("severities = \"P1\""),
        &["5:14: `severities` in [[source]] `prom`: expected a table such as { P2 = \"critical\" }, found a string"],
    );
    check(
        &source("states = { zu = \"ok\" }"),
        &["5:1: `states` does not fit [[source]] `prom`; it belongs to http and command sources"],
    );
    let config = config(
        "[[source]]\nname = \"f\"\ntype = \"command\"\nrun = [\"true\"]\nseverity_label = \"impact\"\n\
         severities = { Nachts-1 = \"info\" }\nstates = { zu = \"ok\" }\nalways_firing = [\"Puls\"]\n",
    );
    let words = &config.sources[0].settings.words;
    assert_eq!(words.severity("x", |label| (label == "impact").then_some("nachts 1")), Severity::Info);
    assert_eq!((words.standing("Zu"), words.fires_on_purpose("Puls")), (Some(Standing::Well), true));
}

#[test]
fn addresses() {
    let url = |url: &str| format!("[[source]]\nname = \"p\"\ntype = \"prometheus\"\nurl = \"{url}\"\n");
    check(
        &url("127.0.0.1:9090"),
        &[
            "4:7: `url` in [[source]] `p`: expected an address such as \"http://127.0.0.1:9090\", found `127.0.0.1:9090`",
        ],
    );
    check(
        &url("ftp://host"),
        &["4:7: `url` in [[source]] `p`: expected an address that starts with http:// or https://, found `ftp://host`"],
    );
    check(
        &url("http://"),
        &[
            "4:7: `url` in [[source]] `p`: expected an address with a host, such as \"http://127.0.0.1:9090\", found `http://`",
        ],
    );
    check(
        &url("http://me:hunter2@host"),
        &["4:7: `url` in [[source]] `p`: a name and password do not belong into an address; use `user` and `password`"],
    );
}

#[test]
fn variables_are_not_filled_in() {
    let (here, from) =
        ("is not filled in here", "(only secrets and headers can come from the environment, as env:NAME)");
    let url = |url: &str| format!("[[source]]\nname = \"p\"\ntype = \"http\"\nurl = \"{url}\"\n");
    for (address, shown) in [
        ("http://${PROM_HOST}:9090", "`${PROM_HOST}`"),
        ("$PROM_URL", "`$PROM_URL`"),
        ("http://{{ host }}:9090", "`{{ host }}`"),
        ("http://prom/api?token=${TOKEN:-s3cret}", "`${TOKEN}`"),
    ] {
        check(&url(address), &[&format!("4:7: `url` in [[source]] `p`: {shown} {here}; write the address out {from}")]);
    }
    config(&url("http://host/odata?$filter=a&$top=5"));
    check(
        &format!("{PROM}proxy = \"http://$PROXY:3128\"\n"),
        &[&format!("5:9: `proxy` in [[source]] `prom`: `$PROXY` {here}; write the address out {from}")],
    );
    check(
        &format!(
            "{PROM}bearer = \"${{TOKEN}}\"\nheaders = {{ X-Scope-OrgID = \"$TENANT\" }}\nca_file = \"$HOME/ca.pem\"\n"
        ),
        &[
            &format!("5:10: `bearer` in [[source]] `prom`: `${{TOKEN}}` {here}; let the whole value be env:TOKEN"),
            &format!(
                "6:29: `headers.X-Scope-OrgID` in [[source]] `prom`: `$TENANT` {here}; let the whole value be env:TENANT"
            ),
            &format!(
                "7:11: `ca_file` in [[source]] `prom`: `$HOME` {here}; write the path out (~/ is the home folder)"
            ),
        ],
    );
    check(
        "notes = \"$HOME/notes\"\ntheme = \"${HOME}/dark.toml\"\n",
        &[
            &format!("1:9: `notes` in the file: `$HOME` {here}; write the path out (~/ is the home folder)"),
            &format!("2:9: `theme` in the file: `${{HOME}}` {here}; write the path out (~/ is the home folder)"),
        ],
    );
    check(
        &format!("{}[[pane]]\ntitle = \"x\"\nquery = \"orders/${{SHOP}}\"\n", url("http://host")),
        &[&format!("7:9: `query` in [[pane]] `x`: `${{SHOP}}` {here}; write the address out {from}")],
    );
    check(
        "[[mitigation]]\nname = \"x\"\nrun = [\"$HOME/bin/roll\"]\n",
        &[&format!("3:8: `run` in [[mitigation]] `x`: `$HOME` {here}; write the path out (~/ is the home folder)")],
    );
    let warned = |run: &str| parse(&format!("[[mitigation]]\nname = \"x\"\nrun = {run}\n")).expect("valid").1;
    let warnings: Vec<_> = warned("[\"roll\", \"$STANCH_SERVICE\"]").iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "stanch.toml:3:16: warning: `run` in [[mitigation]] `x`: `$STANCH_SERVICE` is passed on as it stands, there is \
          no shell; run [\"sh\", \"-c\", \"…\"] to have it filled in"
        ]
    );
    assert_eq!(warned("[\"sh\", \"-c\", \"roll $STANCH_SERVICE\"]"), []);
}

#[test]
fn names() {
    check(
        &format!("{PROM}[[pane]]\ntitle = \"x\"\nsource = \"prmo\"\nquery = \"up\"\n"),
        &["7:10: [[pane]] `x` names the source `prmo`, which does not exist; did you mean `prom`? (sources: prom)"],
    );
    check(&format!("{PROM}\n{PROM}"), &["7:8: two sources are called `prom`; the other is on line 2"]);
    let pane = "[[pane]]\ntitle = \"x\"\nquery = \"up\"\n";
    check(&format!("{PROM}{pane}{pane}"), &["9:9: two panes are called `x`; the other is on line 6"]);
    let mitigation = "[[mitigation]]\nname = \"x\"\nrun = [\"true\"]\n";
    check(&format!("{mitigation}{mitigation}"), &["5:8: two mitigations are called `x`; the other is on line 2"]);
}

#[test]
fn secrets() {
    let bearer = |text: &str| format!("{PROM}bearer = \"{text}\"\n");
    check(
        &bearer("env:STANCH_TEST_NOT_SET"),
        &["5:10: `bearer` in [[source]] `prom`: the environment variable STANCH_TEST_NOT_SET is not set"],
    );
    check(&bearer("file:no/such/file"), &["5:10: `bearer` in [[source]] `prom`: the file no/such/file does not exist"]);
    check(&bearer("file:tests"), &["5:10: `bearer` in [[source]] `prom`: the file tests is a folder"]);
    let config = config(&bearer("env:PATH"));
    let http = config.sources[0].http().expect("an HTTP source");
    assert_eq!(http.auth, Auth::Bearer(Secret::Env("PATH".into())), "the value is not kept");
}

#[test]
fn a_secret_in_the_open_warns_and_is_not_printed() {
    let (config, warnings) = parse(&format!("{PROM}bearer = \"hunter2\"\n")).expect("valid");
    let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["stanch.toml:5:10: warning: `bearer` in [[source]] `prom` is written out in the file; put it into env:NAME, \
          file:PATH or command:…"]
    );
    assert!(!format!("{config:?}").contains("hunter2"));
    let (_, warnings) = parse(&format!("{PROM}headers = {{ X-Scope-OrgID = \"shop\" }}\n")).expect("valid");
    assert_eq!(warnings, []);
}

#[test]
fn panes_fit_their_source() {
    let pane = |line: &str| format!("{PROM}[[pane]]\ntitle = \"x\"\n{line}\n");
    check(&pane(""), &["5:1: [[pane]] `x` has no `query`; expected a query in PromQL"]);
    check(
        &pane("type = \"logs\""),
        &["7:1: [[pane]] `x` is of type \"logs\", but the source `prom` gives only numbers and alerts"],
    );
    check(
        &pane("query = \"up\"\njq = \".\""),
        &["8:1: [[pane]] `x`: jq, as and error_when belong to http and command sources"],
    );
    check(
        "[[pane]]\ntitle = \"x\"\n",
        &["1:1: [[pane]] `x` has no `source`; expected the name of a source, or `text` for a pane of text"],
    );
    let config = config("[[pane]]\ntitle = \"x\"\ntext = \"call the database team first\"\n");
    assert_eq!(config.panes[0].kind, PaneKind::Text);
}

#[test]
fn a_pane_counts_before_its_source_key_by_key() {
    let config = config(
        r#"
        [[source]]
        name = "feed"
        type = "http"
        url = "http://127.0.0.1/feed"
        jq = ".items"
        error_when = ".error"

        [[pane]]
        title = "Deploys"
        source = "feed"
        type = "changes"

        [[pane]]
        title = "Count"
        source = "feed"
        type = "stat"
        jq = ".items | length"
        "#,
    );
    let read = |at: usize| config.panes[at].read.clone().expect("how it is read");
    assert_eq!((read(0).jq.as_deref(), read(0).shape), (Some(".items"), Shape::Changes));
    assert_eq!((read(1).jq.as_deref(), read(1).shape), (Some(".items | length"), Shape::Number));
    assert_eq!(read(1).error_when.as_deref(), Some(".error"));
}

#[test]
fn text_from_the_file_is_scrubbed() {
    let config = config("title = \"sh\\u001b[2Jop\\u202E\"\n");
    assert_eq!(config.title.as_deref(), Some("sh[2Jop"));
}

#[test]
fn the_example_shows_every_key_and_loads() {
    let (config, warnings) = parse(include_str!("../examples/stanch.toml")).expect("valid");
    assert_eq!(warnings, []);
    insta::assert_debug_snapshot!(config);
}

#[test]
fn no_file_is_too_broken_to_be_answered() {
    let example = include_str!("../examples/stanch.toml");
    for end in (0..example.len()).step_by(11).filter(|end| example.is_char_boundary(*end)) {
        let broken = parse(&example[..end]);
        assert!(broken.is_ok() || broken.is_err_and(|errors| errors.starts_with("stanch.toml:")), "cut at {end}");
    }
    for (line, text) in example.lines().enumerate().filter(|(_, text)| text.contains(" = ")) {
        for value in ["0", "-1", "nan", "\"\"", "[]", "{}", "[{}]", "true", "2026-11-22", "99999999999999999999"] {
            let (key, _) = text.split_once(" = ").expect("a key");
            let swapped = format!("{key} = {value}");
            let lines = example.lines().enumerate().map(|(n, text)| if n == line { &swapped } else { text });
            let whole = lines.collect::<Vec<_>>().join("\n");
            let answer = parse(&whole);
            assert!(answer.is_ok() || answer.is_err_and(|errors| errors.starts_with("stanch.toml:")), "{swapped}");
        }
    }
}

const LOKI: &str = "[[source]]\nname = \"loki\"\ntype = \"loki\"\nurl = \"http://127.0.0.1:3100\"\n";

#[test]
fn what_a_query_of_loki_gives_decides_how_it_is_drawn() {
    let drawn = |more: &str| {
        let config = config(&format!("{LOKI}tenant = \"shop\"\n[[pane]]\ntitle = \"x\"\n{more}"));
        (config.panes[0].kind, config.panes[0].lines.clone())
    };
    let usual = drawn("query = '{app=\"a\"} |= \"sum(\"'");
    assert_eq!((usual.0, usual.1.limit, usual.1.since, usual.1.oldest), (PaneKind::Logs, 1000, None, false));
    assert_eq!(drawn("query = 'sum(rate({app=\"a\"}[1m]))'").0, PaneKind::TimeSeries);
    let (_, lines) = drawn("query = '{app=\"a\"}'\nlimit = 50\nsince = \"5m\"\ndirection = \"forward\"");
    assert_eq!((lines.limit, lines.since, lines.oldest), (50, Some(Duration::from_secs(300)), true));
}

#[test]
fn mistakes_about_loki_are_said_where_they_are() {
    check(
        &format!("{LOKI}[[pane]]\ntitle = \"x\"\ntype = \"logs\"\nquery = 'rate({{a=\"b\"}}[1m])'\n"),
        &["8:9: `query` in [[pane]] `x` gives numbers; a pane of logs shows lines, as of {app=\"shop\"} |= \"error\""],
    );
    check(
        &format!("{LOKI}[[vital]]\ntitle = \"x\"\nquery = '{{a=\"b\"}}'\nok = \"> 1\"\n"),
        &["7:9: `query` in [[vital]] `x` gives log lines where numbers are needed, as of \
           sum(count_over_time({app=\"shop\"}[1m]))"],
    );
    check(
        &format!("{LOKI}[[pane]]\ntitle = \"x\"\n"),
        &["5:1: [[pane]] `x` has no `query`; expected a query in LogQL"],
    );
    check(
        &format!("{LOKI}[[pane]]\ntitle = \"x\"\nquery = '{{a=\"b\"}}'\nlimit = 9000\n"),
        &["8:9: `limit` in [[pane]] `x`: expected a whole number from 1 to 5000, found the number 9000"],
    );
    check(
        &format!("{PROM}[[pane]]\ntitle = \"x\"\nquery = \"up\"\nsince = \"5m\"\n"),
        &["8:1: [[pane]] `x`: limit, since and direction belong to panes of logs of a loki source"],
    );
}
