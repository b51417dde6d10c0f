"""What a user owns: projects, classes, photos and every decision about them."""
