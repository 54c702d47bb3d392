use super::corpus::files;
use super::read_all;
use crate::readers::Scope;

#[test]
fn scratch_unrecognised() {
    let mut all = std::collections::BTreeMap::<String, (usize, String)>::new();
    for folder in ["ips", "eps", "gp-stu3"] {
        for path in files(folder) {
            let text = std::fs::read_to_string(&path).unwrap();
            let whole = read_all(&text, Scope::Full);
            for record in &whole.records {
                for one in &record.unrecognised {
                    if one.path.contains("text/div") { continue; }
                    let path: String = one.path.split('/').map(|s| s.split('[').next().unwrap()).collect::<Vec<_>>().join("/");
                    for v in &one.values {
                        let e = all.entry(format!("{path}.{}", v.name)).or_default();
                        e.0 += 1;
                        e.1 = v.value.chars().take(60).collect();
                    }
                }
            }
        }
    }
    for (path, (n, v)) in all { eprintln!("{n:5} {path} = {v}"); }
}
#[test]
fn scratch_k70() {
    for path in files("gp-stu3") { if path.to_string_lossy().contains("episodeofcare-ICPC-K70") {
        let text = std::fs::read_to_string(&path).unwrap();
        let whole = read_all(&text, Scope::Full);
        eprintln!("{}", serde_json::to_string_pretty(&whole.shown).unwrap());
    } }
}
