//! Where each body begins: files of this repository, never copies of them. With `STANCH_SEEDS=FOLDER` the test
//! `seeds_are_written` writes them as corpora for libFuzzer, a folder a target.
#![allow(clippy::disallowed_methods, clippy::expect_used, reason = "seeds are files; what cannot be made is a mistake")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use stanch::incident::report;

use crate::bodies::made::Made;

/// Where it came from, and the bytes.
pub type Seed = (String, Vec<u8>);

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The seeds of a body, with what broke it once.
pub fn of(name: &str) -> Vec<Seed> {
    let mut seeds = match name {
        "numbers" => files("tests/captures/prometheus", ""),
        "prometheus_alerts" => files("tests/captures/prometheus", "alerts"),
        "alert_groups" => files("tests/captures/alertmanager", ""),
        "log_lines" => files("tests/captures/loki", ""),
        "frames" => texts(FRAMES),
        "json" | "jq" => [
            files("tests/captures/loki", ""),
            files("tests/captures/alertmanager", "alerts_a"),
            files("tests/captures/prometheus", "query_"),
            files("tests/captures/proxy", "lab"),
            texts(FEEDS),
        ]
        .concat(),
        "printed" => [texts(FEEDS), texts(PRINTED)].concat(),
        "journal" => journals(true),
        "lines" => journals(false),
        "config" => [files("tests/data/config", ""), files("examples", "stanch.toml")].concat(),
        "board" => {
            [files("examples", "generic"), files("examples", "board"), files("examples/incidents", ""), texts(BOARDS)]
                .concat()
        }
        "theme" => [files("themes", ""), texts(THEMES)].concat(),
        "import" => (0..4).map(|n| (format!("made {n}"), export(n))).collect(),
        "notes" | "session" => (0..6).map(|n| (format!("made {n}"), noise(n, 600))).collect(),
        "scrub" | "paste" => texts(HOSTILE),
        "fields" => texts(FIELDS),
        "promql" => texts(QUERIES),
        _ => Vec::new(),
    };
    seeds.extend(files(&format!("tests/fuzz/crashes/{name}"), ""));
    seeds
}

/// Writes all seeds below a folder, for libFuzzer.
#[test]
fn seeds_are_written() {
    let folder = std::env::var_os("STANCH_SEEDS").map(PathBuf::from);
    for (name, _) in crate::bodies::ALL {
        let seeds = of(name);
        assert!(!seeds.is_empty(), "{name}");
        let Some(folder) = folder.as_ref().map(|folder| folder.join(name)) else { continue };
        fs::create_dir_all(&folder).expect("a folder");
        for (at, (_, seed)) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at}")), seed).expect("a file");
        }
    }
}

fn files(folder: &str, begins: &str) -> Vec<Seed> {
    let Ok(entries) = fs::read_dir(root().join(folder)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let named = |path: &&PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begins));
    paths.iter().filter(named).filter_map(|path| Some((shown(path), fs::read(path).ok()?))).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn texts(texts: &[&str]) -> Vec<Seed> {
    texts.iter().map(|text| (format!("{text:.20}"), text.as_bytes().to_vec())).collect()
}

/// Bytes that look random and are the same each time.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

fn export(seed: u64) -> Vec<u8> {
    let entries = Made::of(&noise(seed, 500)).entries(40);
    report::json(&stanch::incident::Incident::replay(entries)).into_bytes()
}

/// Journals of made-up entries, with their seals or without.
fn journals(sealed: bool) -> Vec<Seed> {
    let of = |n: u64| {
        let header = r#"{"format":"1.0","incident":"x","created":"2026-11-22T03:00:00Z","writer":"stanch 0.1.0"}"#;
        let entries = Made::of(&noise(n, 300)).entries(20);
        let entries = entries.iter().map(|entry| serde_json::to_string(entry).expect("JSON"));
        let lines = std::iter::once(header.to_owned()).chain(entries).map(|line| match line.strip_suffix('}') {
            Some(body) if sealed => format!("{body},\"crc\":\"{:08x}\"}}\n", crc32c::crc32c(body.as_bytes())),
            _ => line + "\n",
        });
        (format!("journal {n}"), lines.collect::<String>().into_bytes())
    };
    (0..4).map(of).chain([("nothing".to_owned(), Vec::new())]).collect()
}

/// Answers of a Grafana to queries.
const FRAMES: &[&str] = &[
    r#"{"results":{"A":{"status":200,"frames":[{"schema":{"refId":"A","meta":{"type":"timeseries-multi",
    "notices":[{"severity":"warning","text":"slow"}]},"fields":[{"name":"Time","type":"time","config":{"interval":15000}},
    {"name":"Value","type":"number","labels":{"host":"a"},"config":{"displayNameFromDS":"a","unit":"bytes"}}]},
    "data":{"values":[[1000,2000,3000],[1.5,null,null]],"entities":[null,{"NaN":[1],"Inf":[2],"NegInf":[9]}]}}]}}}"#,
    r#"{"results":{"A":{"frames":[{"schema":{"fields":[{"name":"who","type":"string"},{"name":"ok","type":"boolean"},
    {"name":"n"},{"name":"s","type":"enum","config":{"type":{"enum":{"text":["down","up"]}}}},{"name":"x","type":"other"}]},
    "data":{"values":[["a","b"],[true,null],[1],[1,0],[{"x":[1]},null]],"enums":[null,null,null,["a"],null]}}]},
    "B":{"error":"no table","status":400}}}"#,
    r#"{"message":"Query data error"}"#,
];

const FEEDS: &[&str] = &[
    r#"[{"id":"d-1","time":"2026-11-22T03:06:00Z","kind":"deploy","title":"checkout v2.3.1","service":"checkout","undo":"v2.3.0","url":"https://a.example/d-1"}]"#,
    r#"{"changes":[{"at":1795317000,"title":"flag"}]}"#,
    r#"[{"alertname":"X","labels":{"severity":"critical"},"state":"firing","startsAt":"2026-11-22T03:06:00Z","url":"https://a.example"}]"#,
    "{\"message\":\"pool exhausted\",\"level\":\"error\",\"time\":1795317000123}\n{\"msg\":\"ok\"}\n",
    "[[[17.5]]]",
    "\"42\"",
    "null",
    "{\"a\":1,\"b\":[1,2,{\"c\":null}]}",
];

const PRINTED: &[&str] = &[
    "NAME      READY   STATUS\ncheckout  1/1     Running\ncart      0/1     \u{1b}[31mCrashLoop\u{1b}[0m\n",
    "17\n",
    "2026-11-22T03:06:00Z ERROR pool exhausted\nWARN slow\n\tat com.example.Pool\n",
    "10%\r50%\r100%\r\n",
];

const BOARDS: &[&str] = &[
    "title = \"x\"\n[[observation]]\nid = \"s1\"\ntext = \"5xx\"\nstate = \"absent\"\norigin = \"o\"\nminutes = 2.5\ncoincidence = true\ncheck = { source = \"prom\", query = \"up\", present = \"> 0 for 5m\", empty = \"absent\" }\n[[hypothesis]]\nid = \"h1\"\ntext = \"deploy\"\nprior = \"rare\"\nchanged = true\nstate = \"refuted\"\nreason = \"r\"\ncells = { s1 = \"X\" }\n",
    "[[hypothesis]]\nid = \"other\"\ntext = \"\"\ncells = { s9 = \"%\" }\n",
];

const THEMES: &[&str] = &[
    "inherits = \"other\"\n[palette]\nred = \"#ff0000\"\n[roles]\ncritical = { fg = \"red\", bold = true }\n",
    "inherits = \"broken\"\n",
    "inherits = \"dark\"\n[palette]\na = \"b\"\nb = \"a\"\n",
];

const HOSTILE: &[&str] = &[
    "plain words, naïve – 支付 🌞",
    "a\u{1b}]52;c;ZXZpbA==\u{7}b \u{1b}[2J\u{9b}31m",
    "abc\u{202e}fdp.exe \u{200b}\u{feff}\u{2028}x",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "10%\r50%\r\u{1b}[K100%\r\nnext\ttab\n\n",
    "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{1f1e9}\u{1f1ea} \u{e0041}",
];

const FIELDS: &[&str] = &[
    "03:05 pool alarms",
    "2026-11-22 03:05",
    "2026-11-22T03:05:00Z",
    "8m ago",
    "23:59:59z",
    "SEV1",
    "p2",
    "add an alert owner: alice due: Dec 1 #detect",
    "page earlier due friday @bob",
    "due: 65535w x",
    "> 0.5 for 1m",
    ">= 1e300",
    "!= 0 for 365d",
    "percentunit",
    "alertname=\"X\",service=~\"a|b\"",
    "{a!=\"b\"}",
];

const QUERIES: &[&str] = &[
    "up",
    "sum by (code) (rate(http_requests_total{service=\"checkout\",code=~\"5..\"}[1m]))",
    "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
    "topk(3, up) or -2 ^ 2 % 3 > bool 1 unless on (job) up offset 5m",
    "avg_over_time(up[10m]) / ignoring (pod) group_left up @ 5",
    "\"text\"",
    "((((((((1))))))))",
    "{__name__=~\"(a|b)*c{1,3}\"}",
    "absent(up{job=\"x\"})",
];
