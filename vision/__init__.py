"""Photo -> detections -> sightings, without torch."""
