"""Getting photos: files, folders, archives and the camera, all through one door."""
