//! Grid cells: the cell of a place.

use harness::TestApp;

#[tokio::test]
async fn the_cell_of_a_place_is_found() {
    let app = TestApp::start().await;
    let inside = app.visitor().get("/api/grid-cells?at=120.05,30.1").await.expect(200).items();
    assert_eq!(inside.len(), 1);
    assert_eq!(inside[0]["id"], app.world.grid_cell_west.0);
    assert_eq!(inside[0]["region"]["name"], "西河镇");
    let on_the_edge = app.visitor().get("/api/grid-cells?at=120.1,30.1").await.expect(200).items();
    assert_eq!(on_the_edge.len(), 1);
    assert!(app.visitor().get("/api/grid-cells?at=120.15,30.1").await.expect(200).items().is_empty());
    assert_eq!(app.visitor().get("/api/grid-cells").await.expect(200).items().len(), 1);
}
