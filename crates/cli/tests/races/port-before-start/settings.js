var settings = "with settings";
