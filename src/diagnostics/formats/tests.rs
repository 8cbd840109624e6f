use super::*;
use crate::diagnostics::codes;

fn found() -> Vec<Finding> {
    let mut sources = Sources::new();
    let file = sources.add("sites/a,b:ü 50%.yaml", SourceKind::File, "ä: x\nb: hunter22\n");
    let flag = sources.add("--set", SourceKind::Flag, "b=hunter22");
    sources.hide_text("hunter22");
    let mut found = Diagnostics::new();
    found.push(
        Diagnostic::error(codes::BAD_VALUE, "`b` is hunter22: 100 %, really")
            .at(Place::new(flag, 0, 1), "here")
            .at(Place::new(file, 9, 18), "")
            .cause("one\r\ntwo")
            .help("write, less"),
    );
    found.push(Diagnostic::warning(codes::END_OF_LIFE, "old").at(Place::new(file, 4, 8), ""));
    findings(&found, &sources)
}

#[test]
fn github_reads_lines_with_its_own_escapes() {
    assert_eq!(
        github(&found()),
        "::warning file=sites/a%2Cb%3Aü 50%25.yaml,line=1,endLine=2,title=PG0208::old\n\
         ::error file=sites/a%2Cb%3Aü 50%25.yaml,line=2,endLine=2,col=4,endColumn=12,title=PG0134::`b` is ********: 100 \
         %25, really%0Aat --set, line 1, column 1%0Aone%0D%0Atwo%0Ahelp: write, less\n"
    );
}

#[test]
fn a_place_is_a_range_of_characters() {
    let spots: Vec<_> = found().into_iter().flat_map(|finding| finding.spots).collect();
    let ranges: Vec<_> = spots.iter().map(|spot| (spot.source.as_str(), spot.start, spot.end)).collect();
    let file = "sites/a,b:ü 50%.yaml";
    assert_eq!(ranges, [(file, (1, 4), (2, 3)), ("--set", (1, 1), (1, 2)), (file, (2, 4), (2, 12))]);
}

#[test]
fn sarif_names_files_by_uri_and_other_places_by_words() {
    let log: serde_json::Value = serde_json::from_str(&sarif(&found(), "values.yaml")).unwrap();
    let results = &log["runs"][0]["results"];
    let location = &results[1]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "sites/a%2Cb%3A%C3%BC%2050%25.yaml");
    assert_eq!(
        results[1]["relatedLocations"][0]["logicalLocations"][0]["fullyQualifiedName"],
        "--set, line 1, column 1"
    );
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][1]["id"], results[0]["ruleId"]);
}
